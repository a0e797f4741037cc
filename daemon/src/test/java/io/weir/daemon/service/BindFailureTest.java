package io.weir.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Test;

class BindFailureTest {
  @Test
  void whoHoldsThePortIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThat(BindFailure.explain("127.0.0.1:" + port, port, "Address already in use"))
          .isEqualTo(
              "127.0.0.1:%d: already in use by java (process %d): stop that, or choose another port"
                  .formatted(port, ProcessHandle.current().pid()));
    }
  }

  @Test
  void aHolderThatCannotBeSeenIsLeftOut() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertThat(BindFailure.explain(":" + port, port, "bind(..) failed: Address already in use"))
        .isEqualTo(":" + port + ": already in use: stop that, or choose another port");
  }

  @Test
  void aSocketNamesItsFolder() {
    UnixDomainSocketAddress path = UnixDomainSocketAddress.of("/run/weir/app.sock");
    assertThat(BindFailure.explain(path, "bind(..) failed: No such file or directory"))
        .isEqualTo("unix:/run/weir/app.sock: there is no folder /run/weir");
    assertThat(BindFailure.explain(path, "Permission denied"))
        .isEqualTo("unix:/run/weir/app.sock: who Weir runs as may not make files in /run/weir");
    assertThat(BindFailure.explain(path, "Address already in use"))
        .isEqualTo(
            "unix:/run/weir/app.sock: another process listens there: stop that, or choose another"
                + " path");
    assertThat(BindFailure.explain(path, "there is a file that is not a socket"))
        .isEqualTo("unix:/run/weir/app.sock: there is a file that is not a socket");
  }

  @Test
  void lowPortsNeedAPermissionAndHighOnesSomethingElse() {
    assertThat(BindFailure.explain("0.0.0.0:80", 80, "Permission denied"))
        .startsWith("0.0.0.0:80: ports below 1024 need a permission: ")
        .contains("systemd unit", "net.ipv4.ip_unprivileged_port_start");
    assertThat(BindFailure.explain("0.0.0.0:8080", 8080, "Permission denied"))
        .isEqualTo("0.0.0.0:8080: Permission denied");
  }

  @Test
  void anAddressOfAnotherMachineIsSaidToBeOne() {
    assertThat(BindFailure.explain("192.0.2.1:80", 80, "Cannot assign requested address"))
        .isEqualTo("192.0.2.1:80: no interface of this machine has this address");
  }
}
