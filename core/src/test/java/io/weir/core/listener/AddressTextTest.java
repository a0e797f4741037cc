package io.weir.core.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Test;

class AddressTextTest {
  private static String text(String literal) throws Exception {
    return Listeners.text(new InetSocketAddress(InetAddress.getByName(literal), 8080));
  }

  @Test
  void addressesAreShownAsOperatorsWriteThem() throws Exception {
    assertThat(text("::")).isEqualTo("[::]:8080");
    assertThat(text("2001:db8::1")).isEqualTo("[2001:db8::1]:8080");
    assertThat(text("0.0.0.0")).isEqualTo("0.0.0.0:8080");
    assertThat(text("127.0.0.1")).isEqualTo("127.0.0.1:8080");
    assertThat(Listeners.text(UnixDomainSocketAddress.of("/run/app.sock")))
        .isEqualTo("unix:/run/app.sock");
  }
}
