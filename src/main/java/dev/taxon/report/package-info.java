/** What a run says about itself. */
@NullMarked
package dev.taxon.report;

import org.jspecify.annotations.NullMarked;
