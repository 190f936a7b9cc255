using System.Reflection;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Tests.Dispatch;

namespace Swiper.Core.Tests.Accounts;

public sealed class ResumeTests
{
    private static readonly Identity Me = new(Uid: 1, TokenId: 10, Expires: long.MaxValue);

    private readonly SessionRegistry _registry = new();
    private readonly TestConnection _connection = new();

    [Fact]
    public async Task A_store_that_fails_signs_nobody_in_and_the_next_sign_in_gets_its_pushes()
    {
        var resume = Handler(revoked: _ => false, read: () => throw new StoreUnavailableException("down"));
        await Assert.ThrowsAsync<StoreUnavailableException>(
            async () => await resume.HandleAsync(_connection.Session, new ResumeRequest("token", 0)));
        Assert.False(_connection.Session.IsSignedIn);

        _registry.SignIn(_connection.Session, Me);
        _registry.Push(Me.Uid, Opcode.Superliked, 1, new PersonPush(7, 8));
        Assert.Single(_connection.Received());
    }

    [Fact]
    public async Task A_token_that_is_revoked_after_the_first_look_is_refused_and_told_no_pushes()
    {
        var resume = Handler(
            revoked: looks => looks > 1, read: () => new KeptPushes(1, [new StoredPush(1, Opcode.Superliked, 7, 8)]));
        var outcome = await resume.HandleAsync(_connection.Session, new ResumeRequest("token", 0));
        Assert.Equal(StatusCode.TokenInvalid, outcome.Failure.Code);
        Assert.False(_connection.Session.IsSignedIn);
        Assert.Empty(_connection.Received());
    }

    [Fact]
    public async Task The_reply_says_where_the_pushes_stand()
    {
        var resume = Handler(revoked: _ => false, read: () => new KeptPushes(3, [new StoredPush(3, Opcode.Superliked, 7, 8)]));
        var outcome = await resume.HandleAsync(_connection.Session, new ResumeRequest("token", 2));
        Assert.Equal(new ResumeReply(Me.Uid, Me.Expires, PushSeq: 3), outcome.Value);
        Assert.Equal(3, Assert.Single(_connection.Received()).Code);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(-1, "last_push_seq: expected 0 or more")]
    public void A_seq_is_not_negative(long lastPushSeq, string? problem)
    {
        var fields = new FieldReader(Wire.Write((ref writer) => new ResumeRequest("token", lastPushSeq).Write(ref writer)));
        ResumeRequest.Read(ref fields);
        Assert.Equal(problem, fields.Problem);
    }

    private ResumeHandler Handler(Func<int, bool> revoked, Func<KeptPushes> read)
    {
        var looks = 0;
        return new ResumeHandler(
            Only<IDeviceRepository>(method => method switch
            {
                nameof(IDeviceRepository.IsRevokedAsync) => new ValueTask<bool>(revoked(++looks)),
                nameof(IDeviceRepository.SeeAsync) => new ValueTask<bool>(!revoked(++looks)),
                _ => null,
            }),
            Only<IActivityRepository>(method => method == nameof(IActivityRepository.Note) ? true : null),
            new MissedPushes(Only<IPushRepository>(method =>
                method == nameof(IPushRepository.ReadAfterAsync) ? new ValueTask<KeptPushes>(read()) : null)),
            Only<ITokens>((method, args) =>
            {
                args[1] = Me;
                return method == nameof(ITokens.TryRead) ? true : null;
            }),
            _registry,
            TimeProvider.System);
    }

    private static T Only<T>(Func<string, object?> answer)
        where T : class => Only<T>((method, _) => answer(method));

    // A service of which some methods are called.
    private static T Only<T>(Func<string, object?[], object?> answer)
        where T : class
    {
        var service = DispatchProxy.Create<T, SomeMethods>();
        ((SomeMethods)(object)service).Answer = (called, args) =>
            answer(called.Name, args) ?? throw new InvalidOperationException(called.Name);
        return service;
    }

#pragma warning disable CA1852 // Proxies are made as subtypes of it at run time.
    internal class SomeMethods : DispatchProxy
#pragma warning restore CA1852
    {
        public Func<MethodInfo, object?[], object> Answer { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Answer(targetMethod!, args!);
    }
}
