using System.Runtime.CompilerServices;
using Swiper.Core.Protocol;

namespace Swiper.Client;

/// <summary>Turns outcomes into exceptions.</summary>
public static class OutcomeExtensions
{
    /// <summary>The value.</summary>
    /// <exception cref="SwiperException">There is none.</exception>
    public static T OrThrow<T>(this Outcome<T> outcome) => outcome.IsOk ? outcome.Value : throw new SwiperException(outcome.Failure);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal static async ValueTask<T> OrThrow<T>(this ValueTask<Outcome<T>> outcome) => (await outcome.ConfigureAwait(false)).OrThrow();
}
