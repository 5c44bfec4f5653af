#!/usr/bin/env bash
# Tests a checkpoint by several processes, as mmcls's dist_test.sh: scripts/dist_test.sh CONFIG CHECKPOINT RANKS [test's options].
set -euo pipefail
if [ $# -lt 3 ]; then
    echo "usage: [HOSTS=node1:N,node2:N] scripts/dist_test.sh CONFIG CHECKPOINT RANKS [options of test]" >&2
    exit 2
fi
config=$1 checkpoint=$2 ranks=$3
shift 3
exec "$(dirname "${BASH_SOURCE[0]}")/mpi_engine.sh" "$ranks" test "$config" "$checkpoint" --launcher mpi "$@"
