using System.Reflection;
using Swiper.Core.Protocol;

namespace Swiper.Client.Tests.Calls;

/// <summary>A wrong argument is named as the caller knows it.</summary>
public sealed class ArgumentTests : IAsyncLifetime
{
    private readonly FakeServer _server = new();
    private SwiperClient? _client;

    public async ValueTask InitializeAsync() => (_client, _) = await _server.ConnectAsync();

    public async ValueTask DisposeAsync()
    {
        await _client!.DisposeAsync();
        _server.Dispose();
    }

    /// <summary>Every parameter of a call that may not be null.</summary>
    public static TheoryData<string, int, string> Parameters()
    {
        var nullability = new NullabilityInfoContext();
        var data = new TheoryData<string, int, string>();
        foreach (var call in typeof(ISwiperClient).GetMethods().Where(IsCall))
        {
            foreach (var parameter in call.GetParameters())
            {
                if (!parameter.ParameterType.IsValueType && nullability.Create(parameter).WriteState == NullabilityState.NotNull)
                    data.Add(call.Name, call.GetParameters().Length, parameter.Name!);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public async Task Null_is_refused_by_name(string call, int parameters, string parameter)
    {
        var method = typeof(ISwiperClient).GetMethods().Single(each => each.Name == call && each.GetParameters().Length == parameters);
        var arguments = method.GetParameters().Select(each => each.Name == parameter ? null : Sample(each.ParameterType)).ToArray();

        var refused = await Assert.ThrowsAsync<ArgumentNullException>(() => CallAsync(method, arguments).Soon());

        Assert.Equal(parameter, refused.ParamName);
    }

    [Fact]
    public void There_are_parameters_that_may_not_be_null() =>
        Assert.Contains(("RequestCodeAsync", 2, "phone"), Parameters().Select(row => row.Data));

    [Fact]
    public async Task A_request_that_is_null_is_refused_by_name()
    {
        var refused = await Assert.ThrowsAsync<ArgumentNullException>(
            () => _client!.SendAsync<DeckOfCards, NoData>(Opcode.Deck, null!).Soon());

        Assert.Equal("request", refused.ParamName);
    }

    [Fact]
    public async Task A_timeout_of_nothing_is_refused_by_name()
    {
        var refused = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => _client!.TrySendAsync<NoArgs, NoData>(Opcode.Ping, default, TimeSpan.Zero).Soon());

        Assert.Equal("timeout", refused.ParamName);
    }

    [Fact]
    public async Task A_board_that_is_none_is_refused_rather_than_another_one_asked_for()
    {
        const BoardName Month = (BoardName)9;
        foreach (var call in new Func<Task>[]
        {
            () => _client!.TopAsync(Month).Soon(), () => _client!.RankOfAsync(Month).Soon(), () => _client!.AroundAsync(Month).Soon(),
        })
            Assert.Equal("board", (await Assert.ThrowsAsync<ArgumentOutOfRangeException>(call)).ParamName);
    }

    [Fact]
    public async Task An_avatar_that_is_null_is_refused_before_anything_is_sent()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(
            () => _client!.UpdateProfileAsync(new ProfileChange { Avatars = ["a.jpg", null!] }).Soon());

        Assert.Equal("request", refused.ParamName);
        Assert.Contains("UpdateProfile", refused.Message);
    }

    [Fact]
    public async Task Bytes_that_are_no_array_are_refused_by_name()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => _client!.EchoAsync(new byte[] { 1, 2 }).Soon());

        Assert.Equal("array", refused.ParamName);
    }

    private static bool IsCall(MethodInfo method) => !method.IsSpecialName && !method.IsGenericMethod;

    private static object? Sample(Type type) => type switch
    {
        _ when type == typeof(string) => "sample",
        _ when type == typeof(ProfileChange) => new ProfileChange(),
        { IsValueType: true } => Activator.CreateInstance(type),
        _ => throw new ArgumentException($"no sample of {type}"),
    };

    private async Task CallAsync(MethodInfo method, object?[] arguments)
    {
        object reply;
        try
        {
            reply = method.Invoke(_client, arguments)!;
        }
        catch (TargetInvocationException exception)
        {
            throw exception.InnerException!;
        }
        await (Task)reply.GetType().GetMethod("AsTask")!.Invoke(reply, null)!;
    }

    private sealed class DeckOfCards : IPayload<DeckOfCards>
    {
        public static DeckOfCards Read(scoped ref FieldReader fields) => new();

        public void Write(ref MessagePackWriter writer) => writer.WriteArrayHeader(0);
    }
}
