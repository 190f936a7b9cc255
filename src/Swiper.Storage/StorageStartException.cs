namespace Swiper.Storage;

/// <summary>An engine can't be opened or started; the message is one line for the operator and names the cause.</summary>
public class StorageStartException(string message, Exception? inner = null) : Exception(message, inner);
