"""langgraph behind the least that serves it: FastAPI, SSE, its checkpointer on Postgres. Runs in its environment."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.graph import END, START, MessagesState, StateGraph
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

model = ChatOpenAI(base_url=os.environ["UPSTREAM"], api_key="none", model="scripted", streaming=True)


async def answer(state: MessagesState) -> dict[str, Any]:
    return {"messages": [await model.ainvoke(state["messages"])]}


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    async with AsyncConnectionPool(os.environ["DATABASE"], min_size=4, max_size=16, kwargs=settings) as pool:
        saver = AsyncPostgresSaver(pool)
        await saver.setup()
        graph = StateGraph(MessagesState).add_node("answer", answer)
        graph.add_edge(START, "answer").add_edge("answer", END)
        app.state.graph = graph.compile(checkpointer=saver)
        yield


app = FastAPI(lifespan=lifespan)


def of_thread(thread: str) -> dict[str, Any]:
    return {"configurable": {"thread_id": thread}}


@app.post("/threads/{thread}/stream")
async def stream(thread: str, request: Request) -> StreamingResponse:
    said = {"messages": [{"role": "user", "content": (await request.json())["text"]}]}

    async def events() -> AsyncIterator[bytes]:
        async for chunk, _ in app.state.graph.astream(said, of_thread(thread), stream_mode="messages"):
            if chunk.content:
                yield b"data: " + orjson.dumps({"text": chunk.content}) + b"\n\n"
        yield b"data: [DONE]\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")


@app.get("/threads/{thread}")
async def messages(thread: str) -> dict[str, int]:
    state = await app.state.graph.aget_state(of_thread(thread))
    return {"messages": len(state.values.get("messages", ()))}


uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning", access_log=False)
