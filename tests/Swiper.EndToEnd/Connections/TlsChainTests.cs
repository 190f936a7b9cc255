using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Connections;

/// <summary>Clients that know a root, and a server whose certificate an intermediate has signed.</summary>
public sealed class TlsChainTests : IDisposable
{
    private const string Python = """
        import socket, ssl, sys
        context = ssl.create_default_context(cafile=sys.argv[2])
        if len(sys.argv) > 3:
            context.set_alpn_protocols([sys.argv[3]])
        with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as tcp:
            with context.wrap_socket(tcp, server_hostname="localhost") as tls:
                print(tls.getpeercert()["subject"][0][0][1], tls.selected_alpn_protocol())
        """;

    private readonly ScratchFolder _data = new("end-to-end");
    private readonly ScratchFolder _files = new("end-to-end");
    private readonly Certificates _authority = new();

    public TlsChainTests()
    {
        _authority.WriteLeaf("CN=leaf", Path.Combine(_files, "fullchain.pem"), Path.Combine(_files, "key.pem"));
        File.WriteAllText(RootFile, _authority.Root.ExportCertificatePem());
    }

    private string RootFile => Path.Combine(_files, "root.pem");

    [Fact]
    public async Task Openssl_verifies_it_and_is_served_with_our_name_or_none_and_refused_with_others()
    {
        SkipWithout("openssl");
        using var host = await StartAsync();

        var ours = await OpensslAsync(host, "-alpn", "swiper/1");
        Assert.True(ours.ExitCode == 0, ours.All);
        Assert.Contains("Verify return code: 0 (ok)", ours.Output, StringComparison.Ordinal);
        Assert.Contains("ALPN protocol: swiper/1", ours.Output, StringComparison.Ordinal);

        var none = await OpensslAsync(host);
        Assert.True(none.ExitCode == 0, none.All);
        Assert.Contains("Verify return code: 0 (ok)", none.Output, StringComparison.Ordinal);
        Assert.Contains("No ALPN negotiated", none.Output, StringComparison.Ordinal);

        var others = await OpensslAsync(host, "-alpn", "h2,http/1.1");
        Assert.NotEqual(0, others.ExitCode);
        Assert.Contains("no application protocol", others.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Python_verifies_it()
    {
        SkipWithout("python3");
        using var host = await StartAsync();

        Assert.Equal("leaf swiper/1", await PythonAsync(host, "swiper/1"));
        Assert.Equal("leaf None", await PythonAsync(host));
    }

    [Fact]
    public async Task The_client_verifies_it()
    {
        using var host = await StartAsync();

        await using var client = await host.ConnectAsync(options => options with
        {
            UseTls = true,
            Port = host.TlsEndPoint!.Port,
            ValidateCertificate = (_, presented, chain, _) => IsTrusted((X509Certificate2)presented!, chain!),
        });
        await client.PingAsync();
    }

    public void Dispose()
    {
        _authority.Dispose();
        _files.Dispose();
        _data.Dispose();
    }

    private Task<ChildHost> StartAsync() => TestHost.StartAsync(
        _data, $"Tls:CertificatePath={Path.Combine(_files, "fullchain.pem")}", $"Tls:KeyPath={Path.Combine(_files, "key.pem")}");

    private Task<ProgramRun> OpensslAsync(ChildHost host, params string[] options) => ProgramRun.OfAsync(
        "bash", ["-c", "exec openssl s_client \"$@\" </dev/null", "bash", "-connect", $"127.0.0.1:{host.TlsEndPoint!.Port}",
            "-servername", "localhost", "-verify_hostname", "localhost", "-CAfile", RootFile, "-verify_return_error", .. options]);

    private async Task<string> PythonAsync(ChildHost host, params string[] protocols)
    {
        var run = await ProgramRun.OfAsync(
            "python3", ["-c", Python, host.TlsEndPoint!.Port.ToString(CultureInfo.InvariantCulture), RootFile, .. protocols]);
        Assert.True(run.ExitCode == 0, run.All);
        return run.Output.Trim();
    }

    // As the system would with the root in its store: the intermediate one is what the server has sent.
    private bool IsTrusted(X509Certificate2 presented, X509Chain received)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority.Root);
        chain.ChainPolicy.ExtraStore.AddRange(received.ChainPolicy.ExtraStore);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(presented);
    }

    private static void SkipWithout(string program)
    {
        var found = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
            Assert.True(found, $"CI must have {program}");
        Assert.SkipUnless(found, $"no {program} on this machine");
    }
}
