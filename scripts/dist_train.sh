#!/usr/bin/env bash
# Trains a config by several processes of this machine, as mmcls's dist_train.sh: scripts/dist_train.sh CONFIG RANKS [train's options].
# On several machines: HOSTS=node1:8,node2:8 scripts/dist_train.sh CONFIG 16, with the same folders on all of them.
set -euo pipefail
if [ $# -lt 2 ]; then
    echo "usage: [HOSTS=node1:N,node2:N] scripts/dist_train.sh CONFIG RANKS [options of train]" >&2
    exit 2
fi
config=$1 ranks=$2
shift 2
exec "$(dirname "${BASH_SOURCE[0]}")/mpi_engine.sh" "$ranks" train "$config" --launcher mpi "$@"
