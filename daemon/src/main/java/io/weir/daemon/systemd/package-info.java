/** What systemd is told and what it asks: readiness, state in words, the watchdog. */
@NullMarked
package io.weir.daemon.systemd;

import org.jspecify.annotations.NullMarked;
