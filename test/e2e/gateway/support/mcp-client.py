"""Lists and calls through the gateway with the Python SDK of the Model Context Protocol."""
import asyncio
import json
import os
import sys

import httpx2
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client


async def main():
    with open(os.environ['SEKISHO_TOKEN_FILE'], encoding='ascii') as file:
        headers = {'Authorization': 'Bearer ' + file.read().strip()}
    async with httpx2.AsyncClient(headers=headers, timeout=30) as http:
        async with streamable_http_client(os.environ['SEKISHO_GATEWAY'] + '/mcp', http_client=http) as streams:
            async with ClientSession(streams[0], streams[1]) as session:
                await session.initialize()
                tools = (await session.list_tools()).tools
                print(json.dumps(sorted(tool.name for tool in tools)))
                for name in sys.argv[1:]:
                    result = await session.call_tool(name, {})
                    print(name, 'refused' if result.is_error else 'answered', result.content[0].text)


asyncio.run(main())
