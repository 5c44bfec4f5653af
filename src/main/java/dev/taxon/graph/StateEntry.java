package dev.taxon.graph;

import dev.taxon.tensor.Shape;

/** One line of a state dict: its full PyTorch name and its shape in PyTorch's order (OIHW for convolutions). */
public sealed interface StateEntry permits Parameter, Buffer {
    String name();

    Shape shape();
}
