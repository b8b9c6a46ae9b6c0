#!/usr/bin/env bash
# DynamoDB Local, AWS's own engine for one machine, in memory on 127.0.0.1, until it is ended. It prints a line
# with "ready" when it answers.
#
#   tools/build/dynamodb-local.sh [PORT]        default 8001
#   DYNAMODB_ENDPOINT=http://127.0.0.1:8001 npm run test:integration
#
# Needs Maven, which fetches it once into .cache/, and a JDK 17 or newer.
set -euo pipefail
cd "$(dirname "$0")/../.."

port=${1:-8001}
coordinates=tools/build/dynamodb-local/pom.xml
libraries=.cache/dynamodb-local-$(cksum <"$coordinates" | cut -d' ' -f1)

for tool in java javac mvn; do
  command -v "$tool" >/dev/null || { echo "dynamodb-local: $tool is missing. Install Maven and a JDK 17 or newer." >&2; exit 1; }
done

if [ ! -d "$libraries" ]; then
  rm -rf "$libraries.partial"
  mvn --batch-mode --quiet --file "$coordinates" \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$PWD/$libraries.partial" >&2
  mv "$libraries.partial" "$libraries"
fi

exec java -Djava.library.path="$libraries" -cp "$libraries/*" tools/build/dynamodb-local/Loopback.java \
  -inMemory -sharedDb -disableTelemetry -port "$port"
