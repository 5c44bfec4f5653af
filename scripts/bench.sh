#!/usr/bin/env bash
# Times Taxon beside PyTorch and ONNX Runtime, turn about. PYTHON names an interpreter that has them (torch, onnx, onnxruntime, numpy).
# Arguments go to scripts/bench.py (--help lists them).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ ! -f target/benchmarks.jar ]]; then
    echo "target/benchmarks.jar is not there: run make build." >&2
    exit 2
fi
exec "${PYTHON:-python3}" scripts/bench.py --java "$(scripts/java25.sh)/bin/java" "$@"
