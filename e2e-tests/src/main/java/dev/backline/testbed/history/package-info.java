/** What happened in a drill, as data: requests, ledgers, access log, status samples, moments. */
@NullMarked
package dev.backline.testbed.history;

import org.jspecify.annotations.NullMarked;
