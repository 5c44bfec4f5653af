#!/usr/bin/env bash
# Trains a config in a Slurm job, as mmcls's slurm_train.sh: scripts/slurm_train.sh PARTITION JOB CONFIG WORK_DIR [train's options].
# RANKS (8), RANKS_PER_NODE (8) and CPUS_PER_TASK (5) say how many processes of how many cores; SRUN_ARGS has more options for srun.
# MPI_TYPE (pmix) is how Slurm tells the ranks of each other: srun --mpi=list shows what there is.
set -euo pipefail
if [ $# -lt 4 ]; then
    echo "usage: [RANKS=8] [RANKS_PER_NODE=8] [CPUS_PER_TASK=5] [SRUN_ARGS=…] scripts/slurm_train.sh PARTITION JOB CONFIG WORK_DIR [options of train]" >&2
    exit 2
fi
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
partition=$1 job=$2 config=$3 work_dir=$4
shift 4
ranks=${RANKS:-${GPUS:-8}} # GPUS is mmcls's word
per_node=${RANKS_PER_NODE:-${GPUS_PER_NODE:-8}}
[ "$per_node" -le "$ranks" ] || per_node=$ranks
# shellcheck disable=SC2086 # several words
exec srun -p "$partition" --job-name="$job" --ntasks="$ranks" --ntasks-per-node="$per_node" \
    --cpus-per-task="${CPUS_PER_TASK:-5}" --kill-on-bad-exit=1 --mpi="${MPI_TYPE:-pmix}" ${SRUN_ARGS:-} \
    java -jar "$root/target/engine.jar" train "$config" --work-dir "$work_dir" --launcher slurm "$@"
