using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Host.Web;

namespace Swiper.Host.Tests.Web;

/// <summary>The socket through which a running host is operated, with operations of the test's own.</summary>
public sealed class OperationsSocketTests
{
    [Fact]
    public async Task An_operation_is_carried_out_and_answered()
    {
        await using var host = await StartAsync();
        using var client = new OperationsClient(host.OperationsSocket);

        Assert.Equal(new Sum(5), await client.PostAsync<Terms, Sum>("sums/2", new Terms(3), Cancellation));
        Assert.Equal(new Sum(7), await client.GetAsync<Sum>("sums/7", Cancellation));
    }

    [Fact]
    public async Task Only_the_account_of_the_host_may_connect_and_the_socket_goes_with_the_host()
    {
        await using var host = await StartAsync();
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(host.OperationsSocket));

        await host.StopAsync();

        Assert.False(Path.Exists(host.OperationsSocket));
        using var client = new OperationsClient(host.OperationsSocket);
        var failed = await Assert.ThrowsAsync<OperationFailedException>(() => client.GetAsync<Sum>("sums/7", Cancellation));
        Assert.Equal(69, failed.ExitCode);
        Assert.StartsWith($"no host answers on {host.OperationsSocket}: start one", failed.Message);
    }

    [Theory]
    [InlineData("sums/0", 1, "no sums of nothing")]
    [InlineData("sums/8", 1, "nobody has this uid")]
    [InlineData("sums/9", 1, "a store is not available; it may have been done nevertheless: look before trying again")]
    [InlineData("sums/10", 1, "internal error; the host's log has it")]
    [InlineData("sums/many", 1, "Failed to bind parameter \"int number\" from \"many\".")]
    [InlineData("differences/1", 1, "this host has no operation GET /differences/1")]
    public async Task Whatever_fails_is_one_line_and_an_exit_code(string route, int exitCode, string message)
    {
        await using var host = await StartAsync();
        using var client = new OperationsClient(host.OperationsSocket);

        var failed = await Assert.ThrowsAsync<OperationFailedException>(() => client.GetAsync<Sum>(route, Cancellation));

        Assert.Equal((exitCode, message), (failed.ExitCode, failed.Message));
    }

    [Theory]
    [InlineData("{\"addend\":3", "")]
    [InlineData("", "")]
    [InlineData("{}", "addend")]
    [InlineData("{\"addend\":\"3\"}", "addend")]
    [InlineData("{\"addend\":3,\"subtrahend\":2}", "subtrahend")]
    public async Task A_body_that_cannot_be_read_is_refused(string body, string names)
    {
        await using var host = await StartAsync();
        using var http = HttpOver(host.OperationsSocket);

        using var response = await http.PostAsync("sums/2", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(names, await ErrorOf(response));
    }

    [Theory]
    [InlineData(-1, HttpStatusCode.BadRequest)]
    [InlineData(0, HttpStatusCode.BadRequest)]
    [InlineData(1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_is_at_most_64_KiB(int beyond, HttpStatusCode expected)
    {
        await using var host = await StartAsync();
        using var http = HttpOver(host.OperationsSocket);

        using var response = await http.PostAsync(
            "sums/2", new StringContent(new string('x', 64 * 1024 + beyond), Encoding.UTF8, "application/json"));

        Assert.Equal(expected, response.StatusCode);
        Assert.NotEqual("", await ErrorOf(response));
    }

    [Fact]
    public async Task Frames_are_not_served_there_nor_operations_on_the_ports()
    {
        await using var host = await StartAsync();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(host.OperationsSocket));
        await socket.SendAsync((byte[])[.. Wire.Frame(Wire.Request(1, Opcode.Ping)), .. "\r\n\r\n"u8]);
        using var stream = new NetworkStream(socket);
        Assert.StartsWith("HTTP/1.1 400", await ReadToEndAsync(stream));

        await using var client = await host.ConnectAsync();
        await client.SendAsync("GET /sums/7 HTTP/1.1\r\nHost: operations\r\n\r\n"u8.ToArray());
        Assert.Equal(StatusCode.ProtocolError, Assert.Single(await client.ReadToEndAsync()).Status);
    }

    [Fact]
    public async Task A_port_that_speaks_http_serves_no_operations()
    {
        await using var host = await TestHost.StartAsync(services => services
            .AddSingleton<IOperations, Sums>()
            .Configure<KestrelServerOptions>(kestrel => kestrel.Listen(IPAddress.Loopback, 0)));
        // It was added before the host's own.
        using var http = new HttpClient { BaseAddress = new Uri(host.Addresses.First()) };

        using var response = await http.GetAsync("sums/7");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task What_a_killed_host_has_left_is_replaced()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("ops.sock");
        using (var killed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Moved away, so that the end of the socket does not remove it.
            killed.Bind(new UnixDomainSocketEndPoint(path + "2"));
            File.Move(path + "2", path);
        }

        await using var host = await StartAsync($"Ops:Socket={path}");
        using var client = new OperationsClient(path);

        Assert.Equal(new Sum(7), await client.GetAsync<Sum>("sums/7", Cancellation));
    }

    [Fact]
    public async Task A_socket_in_use_and_what_is_no_socket_stay_as_they_are()
    {
        await using var host = await StartAsync();
        using var folder = new TemporaryFolder();
        var file = folder.Write("notes.txt", "mine");
        var empty = folder.Write("empty", "");

        var inUse = await Assert.ThrowsAsync<Swiper.Host.Connections.ListenException>(() =>
            StartAsync($"Ops:Socket={host.OperationsSocket}"));
        Assert.Equal($"{host.OperationsSocket} (Ops:Socket) is in use by another host; choose another path, or none", inUse.Message);
        foreach (var taken in new[] { file, empty, folder.Path })
        {
            var refused = await Assert.ThrowsAsync<Swiper.Host.Connections.ListenException>(() => StartAsync($"Ops:Socket={taken}"));
            Assert.Equal($"{taken} (Ops:Socket) exists, and is not a socket", refused.Message);
        }

        Assert.Equal("mine", File.ReadAllText(file));
        Assert.True(File.Exists(empty));
        using var client = new OperationsClient(host.OperationsSocket);
        Assert.Equal(new Sum(7), await client.GetAsync<Sum>("sums/7", Cancellation));
    }

    [Fact]
    public async Task A_host_may_have_none()
    {
        await using var host = await StartAsync("Ops:Socket=none");
        Assert.False(Path.Exists(host.OperationsSocket));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task<TestHost> StartAsync(params string[] settings) =>
        TestHost.StartAsync(services => services.AddSingleton<IOperations, Sums>(), settings);

    private static HttpClient HttpOver(string path) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://operations/"),
    };

    private static async Task<string> ErrorOf(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<OperationError>(Operations.Configure(new())))!.Error;

    private static async Task<string> ReadToEndAsync(Stream stream)
    {
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync().WaitAsync(Patience.Limit);
    }

    private sealed record Terms(int Addend);

    private sealed record Sum(int Total);

    /// <summary>A slice's operations.</summary>
    private sealed class Sums : IOperations
    {
        public void Map(RouteGroupBuilder routes)
        {
            routes.MapGet("sums/{number}", (int number) => number switch
            {
                0 => throw new OperationException(StatusCodes.Status400BadRequest, "no sums of nothing"),
                8 => ((Outcome<Sum>)new Failure(StatusCode.NoSuchUser, "nobody has this uid")).ToReply(),
                9 => throw new StoreUnavailableException("the disk is full"),
                10 => throw new InvalidOperationException("a bug"),
                _ => new Sum(number),
            });
            routes.MapPost("sums/{number}", (int number, Terms terms) => new Sum(number + terms.Addend));
        }
    }
}
