"""The least chat that chainlit's own guide shows, with its SQL data layer. Runs in its environment."""

import os

import chainlit as cl
from chainlit.data.sql_alchemy import SQLAlchemyDataLayer
from openai import AsyncOpenAI

model = AsyncOpenAI(base_url=os.environ["UPSTREAM"], api_key="none")


@cl.data_layer
def data_layer() -> SQLAlchemyDataLayer:
    return SQLAlchemyDataLayer(conninfo=os.environ["DATABASE"].replace("postgresql://", "postgresql+asyncpg://"))


@cl.password_auth_callback
def log_in(username: str, _password: str) -> cl.User:
    return cl.User(identifier=username)


@cl.on_message
async def answer(said: cl.Message) -> None:
    reply = cl.Message(content="")
    asked = [{"role": "user", "content": said.content}]
    stream = await model.chat.completions.create(model="scripted", messages=asked, stream=True)
    async for part in stream:
        if part.choices and part.choices[0].delta.content:
            await reply.stream_token(part.choices[0].delta.content)
    await reply.send()
