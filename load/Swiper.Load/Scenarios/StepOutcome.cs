using System.Runtime.CompilerServices;
using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.Load.Results;

namespace Swiper.Load.Scenarios;

/// <summary>How a request ended.</summary>
/// <param name="Code">The status code of its reply; <see cref="StepResult.NoReply"/> if there was none.</param>
/// <param name="Bytes">Size of the reply's data.</param>
public readonly record struct StepOutcome(int Code, int Bytes)
{
    public static StepOutcome NoReply { get; } = new(StepResult.NoReply, 0);

    public bool IsOk => Code == 0;

    /// <summary>Waits for a reply. A lost connection or a timeout is also an outcome.</summary>
    public static ValueTask<StepOutcome> OfAsync(ValueTask<Outcome<ReplySize>> call) =>
        OfAsync(call, static reply => reply.Bytes);

    /// <inheritdoc cref="OfAsync(ValueTask{Outcome{ReplySize}})"/>
    /// <param name="call">The request.</param>
    /// <param name="sizeOf">Called with the reply: the size of its data.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<StepOutcome> OfAsync<TReply>(ValueTask<Outcome<TReply>> call, Func<TReply, int> sizeOf)
    {
        try
        {
            var outcome = await call.ConfigureAwait(false);
            return outcome.IsOk ? new StepOutcome(0, sizeOf(outcome.Value)) : Failed(outcome.Failure);
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            return NoReply;
        }
    }

    public static StepOutcome Failed(Failure failure) => new((int)failure.Code, 0);

    /// <summary>Whether an exception of the client means that no reply came, rather than a bug.</summary>
    public static bool IsLoss(Exception exception) =>
        exception is SwiperConnectionException or TimeoutException or ObjectDisposedException or OperationCanceledException;
}

/// <summary>A reply of which only the size is read: decoding it would cost the runner and measure nothing.</summary>
/// <param name="Bytes">Size of the reply's data.</param>
public readonly record struct ReplySize(int Bytes) : IPayload<ReplySize>
{
    public static ReplySize Read(scoped ref FieldReader fields) => new(fields.Array.Length);

    /// <summary>Never sent.</summary>
    public void Write(ref MessagePackWriter writer) => throw new NotSupportedException();
}
