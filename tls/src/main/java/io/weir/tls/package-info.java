/**
 * TLS as Weir needs it: certificates, the ClientHello, and contexts for both sides; knows no other
 * module.
 */
@NullMarked
package io.weir.tls;

import org.jspecify.annotations.NullMarked;
