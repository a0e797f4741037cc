/** What is wrong or doubtful in a configuration, collected and told with a hint. */
@NullMarked
package io.weir.firewall.problem;

import org.jspecify.annotations.NullMarked;
