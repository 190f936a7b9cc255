using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Swiper.Host.Checking;
using Swiper.Host.Options;
using Swiper.Storage.Checking;

namespace Swiper.Host.Tests.Checking;

/// <summary>How `check` judges the certificate of the TLS port.</summary>
public sealed class CertificateCheckTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_that_is_good_for_weeks_and_has_names_has_no_findings()
    {
        var found = Check(Now.AddDays(60), "chat.example");

        Assert.Equal(
            [(Verdict.Ok, "good until 2027-01-29"), (Verdict.Ok, "for chat.example")],
            found.Select(static finding => (finding.Verdict, finding.Text)));
    }

    [Theory]
    [InlineData(-0.1, Verdict.Problem, "it has ended on 2026-11-30: renew it")]
    [InlineData(0.0, Verdict.Problem, "it has ended on 2026-11-30: renew it")]
    [InlineData(0.1, Verdict.Warning, "good until 2026-11-30: renew it")]
    [InlineData(14.0, Verdict.Warning, "good until 2026-12-14: renew it")]
    [InlineData(14.1, Verdict.Ok, "good until 2026-12-14")]
    public void One_that_ends_soon_or_has_ended_is_to_be_renewed(double days, Verdict verdict, string text)
    {
        var found = Check(Now.AddDays(days), "chat.example");

        Assert.Equal((verdict, text), (found[0].Verdict, found[0].Text));
    }

    [Fact]
    public void One_without_names_is_a_problem_whatever_its_subject_says()
    {
        var found = Check(Now.AddDays(60), name: null);

        Assert.Equal(Verdict.Ok, found[0].Verdict);
        Assert.Equal(
            (Verdict.Problem, "CN=chat.example without names: clients look at subject alternative names only"),
            (found[1].Verdict, found[1].Text));
    }

    [Fact]
    public void One_with_the_key_of_another_or_none_is_a_problem()
    {
        Check(Now.AddDays(60), "chat.example");
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(_folder.File("key.pem"), other.ExportPkcs8PrivateKeyPem());
        AssertUnusable();

        File.Delete(_folder.File("key.pem"));
        AssertUnusable();
    }

    private void AssertUnusable()
    {
        var finding = Assert.Single(CertificateCheck.Run(Options, Now));
        Assert.Equal(Verdict.Problem, finding.Verdict);
        Assert.Contains("can't be used with", finding.Text, StringComparison.Ordinal);
    }

    private TlsOptions Options => new()
    {
        Enabled = true, CertificatePath = _folder.File("cert.pem"), KeyPath = _folder.File("key.pem"),
    };

    private List<Finding> Check(DateTimeOffset ends, string? name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=chat.example", key, HashAlgorithmName.SHA256);
        if (name is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
        }

        using var certificate = request.CreateSelfSigned(Now.AddDays(-90), ends);
        File.WriteAllText(_folder.File("cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(_folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
        return [.. CertificateCheck.Run(Options, Now)];
    }
}
