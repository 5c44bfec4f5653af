/**
 * The safe subset of Python that config files are written in: a lexer, a recursive-descent parser and an evaluator.
 * Nothing is executed: there are no imports but {@code copy}, no functions of the user's, no files, no classes.
 */
@NullMarked
package dev.taxon.config.python;

import org.jspecify.annotations.NullMarked;
