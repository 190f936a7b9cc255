using Swiper.Host.Options;

namespace Swiper.Host.Tests.Options;

public sealed class OpsOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_host_with_a_folder_of_its_own_has_its_socket_there() =>
        Assert.Equal(Path.GetFullPath("here/ops.sock"), PathFor(new(), new StorageOptions { Data = "here" }));

    [Fact]
    public void The_sockets_of_hosts_of_a_cluster_on_one_machine_are_told_apart_by_their_ports()
    {
        var cluster = new StorageOptions { Engine = StorageEngine.Cluster, Data = "/there" };
        Assert.Equal("/there/ops-7500.sock", PathFor(new(), cluster, port: 7500));
        Assert.Null(PathFor(new(), cluster, port: 0));
        Assert.Null(PathFor(new(), cluster, isDevelopment: false));
        Assert.Equal("/run/a.sock", PathFor(new OpsOptions { Socket = "/run/a.sock" }, cluster, isDevelopment: false));
    }

    [Fact]
    public void There_need_not_be_one() => Assert.Null(PathFor(new OpsOptions { Socket = "none" }, new StorageOptions()));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\0b")]
    public void What_names_no_file_is_refused(string socket) =>
        Assert.Equal(["Ops:Socket: must be the path of a file, or none"], ProblemsOf(socket));

    [Fact]
    public void A_folder_that_there_is_not_is_refused() =>
        Assert.Equal(["Ops:Socket: there is no folder '/no/such'"], ProblemsOf("/no/such/ops.sock"));

    [Theory]
    [InlineData(106, true)]
    [InlineData(107, true)]
    [InlineData(108, false)]
    public void The_path_of_a_socket_is_at_most_107_bytes_long(int bytes, bool isAllowed)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the limit of Linux");
        var path = _folder.File("");
        path += new string('x', bytes - path.Length - "é".Length - 1) + "é";

        Assert.Equal(
            isAllowed
                ? []
                : [$"Ops:Socket: '{path}' has 108 bytes, and a Unix socket's path at most 107: set a shorter one, or none"],
            ProblemsOf(path));
    }

    [Theory]
    [InlineData(-0.1, "Ops:TracedShare: -0.1 is not between 0 and 1")]
    [InlineData(double.NaN, "Ops:TracedShare: NaN is not between 0 and 1")]
    [InlineData(1.1, "Ops:TracedShare: 1.1 is not between 0 and 1")]
    [InlineData(0.5, "Ops:TracedShare: traces are sent to Ops:Otlp, which is not set")]
    public void A_share_of_the_requests_is_traced_where_there_is_somebody_to_send_them_to(double share, string problem)
    {
        Assert.Equal([problem], ProblemsOf(new OpsOptions { Socket = "none", TracedShare = share }));
        var collector = new OpsOptions { Socket = "none", Otlp = "http://localhost:4317", TracedShare = 0.5 };
        Assert.Empty(ProblemsOf(collector));
        Assert.Equal(
            ["Ops:TracedShare: requests that are traced must be timed, so Ops:Metrics can't be false"],
            ProblemsOf(collector with { Metrics = false }));
    }

    private static string? PathFor(OpsOptions options, StorageOptions storage, int port = 7400, bool isDevelopment = true) =>
        options.PathFor(storage, new ListenOptions { Port = port }, isDevelopment);

    private static IEnumerable<string> ProblemsOf(string socket) =>
        ProblemsOf(new OpsOptions { Socket = socket });

    private static IEnumerable<string> ProblemsOf(OpsOptions options) =>
        options.Problems(new StorageOptions(), new ListenOptions(), isDevelopment: true);
}
