package io.weir.firewall.ban;

import io.weir.firewall.address.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * A change of the bans that somebody else made.
 *
 * @param clients whom it concerns
 * @param ban null: theirs was ended
 */
public record BanChange(Cidr clients, @Nullable Ban ban) {}
