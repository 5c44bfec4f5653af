package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;

/** One node's arithmetic over the variables that it reads and writes; keeps what forward saves for backward. */
interface Op {
    /** Computes the output's value. */
    void forward(Draw draw);

    /** Adds to the gradients of the inputs and parameters that have one. */
    void backward();
}
