using System.Net;

namespace AiGateway.Domain.Tests;

/// <summary>Where webhooks may be sent.</summary>
internal sealed class WebhookAddressTests
{
    [TestCase("93.184.216.34")]
    [TestCase("10.0.0.1")]
    [TestCase("192.168.1.1")]
    [TestCase("127.0.0.1")]
    [TestCase("100.100.100.201")]
    [TestCase("::1")]
    [TestCase("fd00::1")]
    [TestCase("2606:4700::1111")]
    [TestCase("::ffff:10.0.0.1")]
    [TestCase("64:ff9b::a00:1")]
    public void Address_OfThePublicOrAPrivateNetwork_IsAllowed(string address) =>
        Assert.That(WebhookAddress.IsAllowed(IPAddress.Parse(address)), Is.True);

    [TestCase("169.254.169.254")]
    [TestCase("169.254.0.1")]
    [TestCase("100.100.100.200")]
    [TestCase("168.63.129.16")]
    [TestCase("192.0.0.192")]
    [TestCase("0.0.0.0")]
    [TestCase("224.0.0.1")]
    [TestCase("255.255.255.255")]
    [TestCase("::")]
    [TestCase("fe80::1")]
    [TestCase("fe80::1%2")]
    [TestCase("febf::1")]
    [TestCase("ff02::1")]
    [TestCase("fd00:ec2::254")]
    [TestCase("fd20:ce::254")]
    [TestCase("::ffff:169.254.169.254")]
    [TestCase("::169.254.169.254")]
    [TestCase("64:ff9b::a9fe:a9fe")]
    [TestCase("64:ff9b:1::a9fe:a9fe")]
    [TestCase("2002:a9fe:a9fe::1")]
    [TestCase("::ffff:100.100.100.200")]
    public void Address_ThatIsLinkLocalOrOfAMetadataService_IsForbiddenInEveryForm(string address) =>
        Assert.That(WebhookAddress.IsAllowed(IPAddress.Parse(address)), Is.False);

    [TestCase("https://hooks.example.com/a?b=c")]
    [TestCase("http://10.1.2.3:8080/hook")]
    [TestCase("http://[fd00::1]/")]
    public void Url_OfAReceiver_HasNoFault(string url) => Assert.That(WebhookAddress.FaultOf(url), Is.Null);

    [TestCase("hooks.example.com", "must be an absolute address")]
    [TestCase("ftp://example.com/", "must be an absolute address")]
    [TestCase("file:///etc/passwd", "must be an absolute address")]
    [TestCase("https://user:secret@example.com/", "must not hold a user name")]
    [TestCase("https://example.com/#a", "must not hold a fragment")]
    [TestCase("http://169.254.169.254/latest", "must not be a link-local address")]
    [TestCase("http://0xA9FEA9FE/", "must not be a link-local address")]
    [TestCase("http://2852039166/", "must not be a link-local address")]
    [TestCase("http://[::ffff:169.254.169.254]/", "must not be a link-local address")]
    public void Url_ThatIsWrong_SaysWhy(string url, string fault) => Assert.That(WebhookAddress.FaultOf(url), Does.StartWith(fault));

    [Test]
    public void Url_ThatIsTooLong_SaysSo() => Assert.That(WebhookAddress.FaultOf($"https://example.com/{new string('a', 2000)}"), Is.EqualTo("must be at most 2000 characters"));
}
