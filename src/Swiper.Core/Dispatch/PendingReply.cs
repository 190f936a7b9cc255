using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>
/// Waits for one deferred outcome and writes the reply. Pooled: a waiting request allocates nothing in the steady state.
/// </summary>
internal sealed class PendingReply<TReply>
    where TReply : IPayload<TReply>
{
    private static readonly OperationPool<PendingReply<TReply>> Pool = new();

    private readonly Action _onCompleted;
    private ValueTaskAwaiter<Outcome<TReply>> _awaiter;
    private Endpoint? _endpoint;
    private Session? _session;
    private UserShare? _share;
    private ILogger? _logger;
    private uint _id;
    private RequestTimes _times;
    private Activity? _span;

    private PendingReply() => _onCompleted = OnCompleted;

    public static void Await(ValueTask<Outcome<TReply>> outcome, Endpoint endpoint, Session session, uint id, ILogger logger)
    {
        if (!Pool.TryRent(out var pending))
            pending = new PendingReply<TReply>();
        pending._awaiter = outcome.GetAwaiter();
        pending._endpoint = endpoint;
        pending._session = session;
        pending._id = id;
        pending._logger = logger;
        pending._times = session.Times;
        pending._span = RequestTraces.Deferred();
        session.InFlight.Begin(endpoint.RunsAlone, endpoint.Cost == RequestCost.Write);
        pending._share = session.Share;
        pending._share?.Begin(endpoint.Cost);
        session.Traffic?.Deferred();
        pending._awaiter.UnsafeOnCompleted(pending._onCompleted);
    }

    private void OnCompleted()
    {
        var session = _session!;
        Outcome<TReply> outcome;
        try
        {
            outcome = _awaiter.GetResult();
        }
        catch (Exception exception)
        {
            outcome = _endpoint!.Explain(exception, session, _id, _logger!);
        }
        var (id, endpoint, share, logger, times, span) = (_id, _endpoint!, _share, _logger!, _times, _span);
        var code = outcome.Failure.Code;
        _awaiter = default;
        _session = null;
        _share = null;
        _span = null;
        Pool.Return(this);

        try
        {
            session.Output.AppendReply(id, outcome);
        }
        catch (Exception exception)
        {
            // The reply can't be written. Rethrowing would end the store's thread and leave the client waiting forever.
            var failure = endpoint.Explain(exception, session, id, logger);
            code = failure.Code;
            session.Output.AppendReply<TReply>(id, failure);
        }
        finally
        {
            session.Traffic?.Completed(session, (int)endpoint.Opcode, code, times);
            RequestTraces.Answered(span, code);
            endpoint.Answered(session, outcome.Failure.Code);
            share?.End(endpoint.Cost);
            session.InFlight.End(endpoint.RunsAlone, endpoint.Cost == RequestCost.Write);
        }
    }
}
