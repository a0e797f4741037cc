/** Stories about the program as it is installed: whole processes, started by the real launcher. */
@NullMarked
package io.weir.packaging;

import org.jspecify.annotations.NullMarked;
