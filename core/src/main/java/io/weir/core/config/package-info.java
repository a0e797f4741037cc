/** What the operator wrote, as records: values checked, references not yet. */
@NullMarked
package io.weir.core.config;

import org.jspecify.annotations.NullMarked;
