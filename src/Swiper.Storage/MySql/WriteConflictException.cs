namespace Swiper.Storage.MySql;

/// <summary>Another transaction came first, as the statement that failed has found out: the batch is to be run again.</summary>
internal sealed class WriteConflictException(Exception cause) : Exception("Another transaction came first.", cause);
