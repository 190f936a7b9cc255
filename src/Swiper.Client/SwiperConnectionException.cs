namespace Swiper.Client;

/// <summary>There is no usable connection to the server; the message says why.</summary>
public class SwiperConnectionException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>
/// The connection was lost while a request was in flight: whether the server did what was asked is not known. Swipes and changes
/// of the profile may safely be sent again.
/// </summary>
public sealed class SwiperConnectionLostException(string message, Exception? inner = null) : SwiperConnectionException(message, inner);

/// <summary>The server sent what this client does not understand.</summary>
public sealed class SwiperProtocolException(string message) : SwiperConnectionException(message);
