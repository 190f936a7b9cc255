using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Core.Accounts;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Core.Vip;

namespace Swiper.Bench.Hosting;

/// <summary>The server without Kestrel: every slice over a real engine.</summary>
internal sealed class BenchHost : IDisposable
{
    private readonly List<BenchConnection> _connections = [];
    private readonly Dispatcher _dispatcher;
    private readonly CountedTraffic _counted;

    public BenchHost(BenchStore store)
    {
        Store = store;
        var engine = store.Engine;
        var clock = TimeProvider.System;
        var permissions = PermissionPolicy.GrantAll;
        ISlice[] slices =
        [
            new DiagnosticsSlice(new ServerIdentity("swiper/bench", () => engine.Node, 64 * 1024, 256), clock),
            new AccountsSlice(
                engine.Accounts, engine.Activity, engine.Devices, engine.Friends, engine.Blocks, engine.Pushes, new NoSigningIn(),
                new NoSigningIn(), store.Sessions, permissions, new NoLimiter(), new NoSigningIn(), new NoSigningIn(),
                CodeRules.Standard, clock),
            new SocialSlice(
                engine.Swipes, engine.Decks, engine.Likes, engine.Accounts, engine.Blocks, engine.Activity, new FirstPages(), permissions,
                clock),
            new RankingSlice(engine.Boards, engine.Accounts, engine.Blocks, clock),
        ];
        var table = new OpcodeTable();
        foreach (var slice in slices)
            slice.Map(table);
        _counted = new CountedTraffic(table);
        _dispatcher = new Dispatcher(table, PermissionPolicy.GrantAll, new NoLimiter(), NullLogger<Dispatcher>.Instance);
    }

    public BenchStore Store { get; }

    /// <summary>A connection with a signed-in user.</summary>
    public BenchConnection Connect(long uid)
    {
        var connection = new BenchConnection(_dispatcher, _counted.Traffic);
        SignIn(connection, uid);
        _connections.Add(connection);
        return connection;
    }

    /// <summary>Signs another user in on the connection.</summary>
    public void SignIn(BenchConnection connection, long uid) =>
        Store.Sessions.SignIn(connection.Session, new Identity(uid, TokenId: uid, Expires: long.MaxValue));

    public void Dispose()
    {
        Store.Dispose();
        foreach (var connection in _connections)
            connection.Dispose();
        _counted.Dispose();
    }
}
