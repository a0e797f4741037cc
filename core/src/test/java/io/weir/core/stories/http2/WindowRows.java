package io.weir.core.stories.http2;

import static io.weir.core.stories.http2.Http2Row.FLOW_CONTROL_ERROR;
import static io.weir.core.stories.http2.Http2Row.FRAME_SIZE_ERROR;
import static io.weir.core.stories.http2.Http2Row.PROTOCOL_ERROR;
import static io.weir.core.stories.http2.Http2Row.answer;
import static io.weir.core.stories.http2.Http2Row.connectionError;
import static io.weir.core.stories.http2.Http2Row.row;
import static io.weir.core.stories.http2.Http2Row.streamError;
import static io.weir.core.testkit.Http2Frame.ACK;
import static io.weir.core.testkit.Http2Frame.data;
import static io.weir.core.testkit.Http2Frame.settings;
import static io.weir.core.testkit.Http2Frame.windowUpdate;

import io.weir.core.stories.http2.Http2Row.Nothing;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import java.util.ArrayList;
import java.util.List;

/** SETTINGS and the windows of flow control: RFC 9113 sections 6.5, 5.2 and 6.9. */
final class WindowRows {
  private static final int MAX_WINDOW = Integer.MAX_VALUE;

  private static final int HEADER_TABLE_SIZE = 1;
  private static final int ENABLE_PUSH = 2;
  private static final int INITIAL_WINDOW = 4;
  private static final int MAX_FRAME = 5;
  private static final int ENABLE_CONNECT_PROTOCOL = 8;

  private WindowRows() {}

  static List<Http2Row> rows() {
    List<Http2Row> rows = new ArrayList<>(settingsRows());
    rows.addAll(windows());
    return rows;
  }

  private static List<Http2Row> settingsRows() {
    return List.of(
        row(
            "§6.5",
            "SETTINGS are acknowledged",
            c ->
                c.sends(settings(HEADER_TABLE_SIZE, 0))
                    .receivesUntil("the ACK", () -> c.settingsAcks() == 2),
            new Nothing()),
        row(
            "§6.5",
            "SETTINGS ACK with a payload",
            c -> c.sends(Http2Frame.of(Http2Frame.SETTINGS, ACK, 0, new byte[6])),
            connectionError(FRAME_SIZE_ERROR)),
        row(
            "§6.5",
            "SETTINGS on a stream",
            c -> c.sends(Http2Frame.of(Http2Frame.SETTINGS, 0, 1, new byte[6])),
            connectionError(PROTOCOL_ERROR)),
        row(
            "§6.5",
            "SETTINGS of a length that is no multiple of 6",
            c -> c.sends(Http2Frame.of(Http2Frame.SETTINGS, 0, 0, new byte[3])),
            connectionError(FRAME_SIZE_ERROR)),
        row(
            "§6.5.2",
            "ENABLE_PUSH of 2",
            c -> c.sends(settings(ENABLE_PUSH, 2)),
            connectionError(PROTOCOL_ERROR)),
        row(
            "RFC 8441 §3",
            "ENABLE_CONNECT_PROTOCOL of 2",
            c -> c.sends(settings(ENABLE_CONNECT_PROTOCOL, 2)),
            connectionError(PROTOCOL_ERROR)),
        row(
            "§6.5.2",
            "INITIAL_WINDOW_SIZE above the maximum",
            c -> c.sends(settings(INITIAL_WINDOW, 0x8000_0000L)),
            connectionError(FLOW_CONTROL_ERROR)),
        row(
            "§6.5.2",
            "MAX_FRAME_SIZE below the minimum",
            c -> c.sends(settings(MAX_FRAME, 16_383)),
            connectionError(PROTOCOL_ERROR)),
        row(
            "§6.5.2",
            "MAX_FRAME_SIZE above the maximum",
            c -> c.sends(settings(MAX_FRAME, 16_777_216)),
            connectionError(PROTOCOL_ERROR)),
        row("§6.5.2", "an unknown setting", c -> c.sends(settings(0xff, 1)).asks(1), answer(200)),
        row(
            "§6.5.2",
            "HEADER_TABLE_SIZE of the maximum",
            c -> c.sends(settings(HEADER_TABLE_SIZE, 0xffff_ffffL)).asks(1),
            answer(200)),
        row(
            "§6.5.3",
            "of two INITIAL_WINDOW_SIZEs the last counts",
            c ->
                c.sends(settings(INITIAL_WINDOW, 100, INITIAL_WINDOW, 1))
                    .asks(1)
                    .receivesUntil("one byte", () -> c.on(1).length() == 1)
                    .sends(windowUpdate(1, 100)),
            answer(200)));
  }

  private static List<Http2Row> windows() {
    return List.of(
        row(
            "§6.9",
            "WINDOW_UPDATE of 0 for the connection",
            c -> c.sends(windowUpdate(0, 0)),
            connectionError(PROTOCOL_ERROR)),
        row(
                "§6.9",
                "WINDOW_UPDATE of 0 for a stream",
                c -> c.begins(1, "POST", "/").sends(windowUpdate(1, 0)),
                streamError(PROTOCOL_ERROR))
            .breaksOff(),
        row(
            "§6.9",
            "WINDOW_UPDATE of another length",
            c -> c.sends(Http2Frame.of(Http2Frame.WINDOW_UPDATE, 0, 0, new byte[3])),
            connectionError(FRAME_SIZE_ERROR)),
        row(
            "§6.9",
            "WINDOW_UPDATE for the connection",
            c -> c.sends(windowUpdate(0, 1)).asks(1),
            answer(200)),
        row(
            "§6.9.1",
            "no more is sent than a window of one byte allows",
            c ->
                c.sends(settings(INITIAL_WINDOW, 1))
                    .asks(1)
                    .receivesUntil("one byte", () -> c.on(1).length() == 1)
                    .sends(windowUpdate(1, 1))
                    .receivesUntil("another", () -> c.on(1).length() == 2)
                    .sends(windowUpdate(1, 100)),
            answer(200)),
        row(
            "§6.9.1",
            "WINDOW_UPDATEs beyond the maximum for the connection",
            c -> c.sends(windowUpdate(0, MAX_WINDOW), windowUpdate(0, MAX_WINDOW)),
            connectionError(FLOW_CONTROL_ERROR)),
        row(
                "§6.9.1",
                "WINDOW_UPDATEs beyond the maximum for a stream",
                c ->
                    c.begins(1, "POST", "/")
                        .sends(windowUpdate(1, MAX_WINDOW), windowUpdate(1, MAX_WINDOW)),
                streamError(FLOW_CONTROL_ERROR))
            .breaksOff(),
        row(
            "§6.9.2",
            "a window that opens for a stream under way",
            c ->
                c.sends(settings(INITIAL_WINDOW, 0))
                    .asks(1)
                    .receivesUntil("the head", () -> c.on(1).status() == 200)
                    .sends(settings(INITIAL_WINDOW, 100)),
            answer(200)),
        row(
            "§6.9.2",
            "a window that becomes negative",
            c ->
                c.sends(settings(INITIAL_WINDOW, 3))
                    .asks(1)
                    .receivesUntil("three bytes", () -> c.on(1).length() == 3)
                    .sends(settings(INITIAL_WINDOW, 2), windowUpdate(1, 1), windowUpdate(1, 100)),
            answer(200)),
        row(
                "§6.9.2",
                "a window of the maximum, for a stream that has more",
                c ->
                    c.sends(settings(INITIAL_WINDOW, 0))
                        .begins(1, "POST", "/")
                        .sends(windowUpdate(1, 1), settings(INITIAL_WINDOW, MAX_WINDOW)),
                connectionError(FLOW_CONTROL_ERROR))
            .breaksOff(),
        row(
            "§6.9.1",
            "more DATA than the stream's window",
            c -> overflow(c),
            streamError(FLOW_CONTROL_ERROR)));
  }

  /** On a stream whose backend takes nothing. */
  private static void overflow(Http2Client client) {
    client.begins(1, "POST", "/unread");
    for (int i = 0; i < 9; i++) {
      client.sends(data(1, 0, "x".repeat(16_384)));
    }
  }
}
