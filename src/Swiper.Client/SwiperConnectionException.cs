namespace Swiper.Client;

/// <summary>There is no usable connection to the server; the message says why.</summary>
public class SwiperConnectionException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>
/// The connection was lost while a request was in flight: the server may have processed it. Swipes and profile changes may safely be
/// sent again.
/// </summary>
public sealed class SwiperConnectionLostException(string message, Exception? inner = null) : SwiperConnectionException(message, inner);

/// <summary>The server sent something that this client does not understand.</summary>
public sealed class SwiperProtocolException(string message) : SwiperConnectionException(message);
