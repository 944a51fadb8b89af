#!/bin/sh
# Started by Playwright as if it were Electron's binary: runs the built app in Node against a Chromium.
# Node prints the "Debugger listening" line that Playwright waits for; main.ts sees to "DevTools listening".
folder=$(dirname "$0")
exec "$STAND_IN_NODE" --inspect=0 --import "$folder/register.ts" "$folder/main.ts" "$@"
