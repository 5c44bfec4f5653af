/**
 * A config printed as Python source, laid out as mmcv prints it: mmcv hands its text to yapf 0.32 with the pep8 style and
 * {@code split_before_expression_after_opening_paren}. The rules and weights here are yapf's, for what a config can hold:
 * calls of {@code dict}, lists, tuples, dict displays, numbers, strings and names, with no comments.
 */
@NullMarked
package dev.taxon.config.pretty;

import org.jspecify.annotations.NullMarked;
