#!/usr/bin/env bash
# Prints the folder of a JDK 25, for tools that must themselves run on it (the formatter). Maven's build and engine.jar
# find theirs without this.
set -euo pipefail

for home in "${ENGINE_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    if [[ -x "$home/bin/javac" ]] && grep -q '^JAVA_VERSION="25[".]' "$home/release" 2>/dev/null; then
        echo "$home"
        exit 0
    fi
done
echo "No JDK 25 in JAVA_HOME, /usr/lib/jvm, /opt, ~/.sdkman or ~/.jdks: install one, for instance Eclipse Temurin 25." >&2
exit 2
