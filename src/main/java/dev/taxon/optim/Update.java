package dev.taxon.optim;

/** An update rule for elements [offset, offset + length) of the parameter regions. */
public record Update(long offset, long length, UpdateRule rule) {}
