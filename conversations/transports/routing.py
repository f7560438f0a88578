"""Where the sockets are."""

from django.urls import re_path

from conversations.transports.consumer import ChatConsumer

websocket_urlpatterns = [re_path(r"^ws/v1/artists/(?P<slug>[-\w]+)/chat$", ChatConsumer.as_asgi())]
