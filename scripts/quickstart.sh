#!/usr/bin/env bash
# Builds Taxon, trains LeNet-5 on MNIST and tests the checkpoint. MNIST is downloaded when data/mnist has none.
# Arguments go to `train`, for instance: scripts/quickstart.sh --seed 1
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

config=configs/lenet/lenet5_mnist.py
work_dir=work_dirs/lenet5_mnist

missing=()
need() { # command, what it is for and where it comes from
    command -v "$1" >/dev/null || missing+=("$1: $2")
}
need java "starts Maven and Taxon (Debian: apt install default-jre-headless)"
need mvn "builds Taxon (Debian: apt install maven)"
need cmake "builds the native kernels (Debian: apt install cmake)"
need g++ "compiles the native kernels (Debian: apt install g++)"
need make "runs the native build (Debian: apt install make)"
if ((${#missing[@]})); then
    echo "Taxon's quick start needs programs that are not here:" >&2
    printf '  %s\n' "${missing[@]}" >&2
    exit 2
fi
scripts/java25.sh >/dev/null

step() {
    printf '\n\033[1m$ %s\033[0m\n' "$*"
    "$@"
}

echo "Building (the first time Maven downloads about 100 MB of libraries and plugins) …"
step mvn -B -q package -DskipTests
step java -jar target/engine.jar --version
step java -jar target/engine.jar train "$config" --work-dir "$work_dir" "$@"
step java -jar target/engine.jar test "$config" "$work_dir/latest.pth" --metrics accuracy
