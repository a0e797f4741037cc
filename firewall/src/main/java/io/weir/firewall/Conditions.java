package io.weir.firewall;

import io.weir.firewall.address.AddressMap;
import io.weir.firewall.text.LiteralMap;

/**
 * What all conditions of a firewall share.
 *
 * @param count how many there are
 * @param addresses the prefixes of all address conditions, labelled with their numbers
 * @param queryNames the query parameters that are asked for, each with its number
 * @param cookieNames the cookies that are asked for, each with its number
 */
record Conditions(int count, AddressMap addresses, LiteralMap queryNames, LiteralMap cookieNames) {}
