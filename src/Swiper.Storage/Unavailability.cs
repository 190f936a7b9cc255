using StackExchange.Redis;
using Swiper.Core.Dispatch;
using Swiper.Storage.MySql;

namespace Swiper.Storage;

/// <summary>Translates all exceptions that mean "the store is unavailable" into one type.</summary>
internal static class Unavailability
{
    /// <summary>Whether the exception means that.</summary>
    public static bool Is(Exception exception) =>
        exception is RedisException or TimeoutException || TransientErrors.KindOf(exception) != ShardFailure.None;

    /// <exception cref="StoreUnavailableException">A store is unavailable.</exception>
    public static async Task<T> TranslateAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not StoreUnavailableException && Is(exception))
        {
            throw Translated(exception);
        }
    }

    /// <inheritdoc cref="TranslateAsync"/>
    public static void Translate(Action ask)
    {
        try
        {
            ask();
        }
        catch (Exception exception) when (exception is not StoreUnavailableException && Is(exception))
        {
            throw Translated(exception);
        }
    }

    // The message of a timeout names "the operation", which tells the reader nothing.
    private static StoreUnavailableException Translated(Exception exception) =>
        new(exception is TimeoutException ? "A store did not answer within its deadline." : exception.Message, exception);
}
