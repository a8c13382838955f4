/** The account of every request that was executed, which outlives the process. */
@NullMarked
package dev.backline.sample.ledger;

import org.jspecify.annotations.NullMarked;
