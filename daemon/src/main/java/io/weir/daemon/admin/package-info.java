/** The admin endpoint: metrics, status, the dashboard and reload, for this machine's own users. */
@NullMarked
package io.weir.daemon.admin;

import org.jspecify.annotations.NullMarked;
