using System.Net;
using System.Net.Sockets;
using System.Text;
using AiGateway.Infrastructure.Providers.Http;

namespace AiGateway.Infrastructure.Tests.Providers.Http;

/// <summary>Proxies that environment variables name.</summary>
[TestFixture]
internal sealed class EnvironmentProxyTests
{
    [TestCase("https://api.test/v1", "HTTPS_PROXY", "http://proxy.test:3128/")]
    [TestCase("https://api.test/v1", "https_proxy", "http://proxy.test:3128/")]
    [TestCase("https://api.test/v1", "ALL_PROXY", "http://proxy.test:3128/")]
    [TestCase("http://api.test/v1", "HTTP_PROXY", "http://proxy.test:3128/")]
    [TestCase("http://api.test/v1", "HTTPS_PROXY", null)]
    [TestCase("https://api.test/v1", "HTTP_PROXY", null)]
    [TestCase("https://localhost/v1", "HTTPS_PROXY", null)]
    [TestCase("https://127.0.0.1:8443/v1", "HTTPS_PROXY", null)]
    public void Proxy_OfTheEnvironment_IsUsedForItsScheme(string destination, string variable, string? expected) =>
        Assert.That(Choose(destination, (variable, "http://proxy.test:3128")), Is.EqualTo(expected));

    [TestCase("api.test", true)]
    [TestCase(".test", true)]
    [TestCase("test", true)]
    [TestCase("*.test", true)]
    [TestCase("*", true)]
    [TestCase("other.test, api.test:443", true)]
    [TestCase("api.test:8443", false)]
    [TestCase("pi.test", false)]
    [TestCase("10.0.0.0/8", false)]
    [TestCase("", false)]
    public void Host_NamedByNoProxy_IsReachedDirectly(string noProxy, bool isDirect) =>
        Assert.That(Choose("https://api.test/v1", ("HTTPS_PROXY", "http://proxy.test:3128"), ("NO_PROXY", noProxy)) is null, Is.EqualTo(isDirect));

    [TestCase("10.1.2.3", true)]
    [TestCase("11.1.2.3", false)]
    public void Address_WithinANetworkOfNoProxy_IsReachedDirectly(string address, bool isDirect) =>
        Assert.That(Choose($"https://{address}/v1", ("HTTPS_PROXY", "proxy.test:3128"), ("no_proxy", "10.0.0.0/8")) is null, Is.EqualTo(isDirect));

    [Test]
    public void Proxy_WithCredentials_GetsThemAlone()
    {
        var proxy = EnvironmentProxy.From(name => name == "HTTPS_PROXY" ? "http://user:p%40ss@proxy.test:3128" : null)!;

        var address = proxy.GetProxy(new Uri("https://api.test"))!;
        var credential = proxy.GetCredential(address, "Basic")!;

        Assert.That(address.ToString(), Is.EqualTo("http://proxy.test:3128/"));
        Assert.That((credential.UserName, credential.Password), Is.EqualTo(("user", "p@ss")));
        Assert.That(proxy.GetCredential(new Uri("https://api.test"), "Basic"), Is.Null);
        Assert.That(proxy.ToString(), Does.Not.Contain("user"));
    }

    [TestCase("gopher://proxy.test")]
    [TestCase("http://user:CANARY@")]
    public void Proxy_ThatIsNoAddress_IsRefusedWithoutItsText(string value) =>
        Assert.That(
            () => EnvironmentProxy.From(name => name == "HTTPS_PROXY" ? value : null),
            Throws.InstanceOf<FormatException>().With.Message.EqualTo("HTTPS_PROXY is not the address of a proxy. Use the form http://host:port."));

    [Test]
    public void Environment_WithoutProxies_HasNone() => Assert.That(EnvironmentProxy.From(_ => null), Is.Null);

    [Test]
    public async Task Call_ThroughAProxy_RequestsATunnelAndAuthenticates()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://user:CANARY@127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        using var http = ProviderHttp.Create(EnvironmentProxy.From(name => name == "HTTPS_PROXY" ? address : null));
        var heads = ServeAsync(listener);

        var failure = Assert.CatchAsync<HttpRequestException>(
            () => http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "https://provider.invalid/v1"), CancellationToken.None))!;

        var all = string.Concat(await heads);
        Assert.That(all, Does.StartWith("CONNECT provider.invalid:443 "));
        Assert.That(all, Does.Contain($"Proxy-Authorization: Basic {Convert.ToBase64String("user:CANARY"u8)}"));
        Assert.That(failure.ToString(), Does.Not.Contain("CANARY"));
    }

    // The proxy asks for credentials once, and then refuses the tunnel.
    private static async Task<List<string>> ServeAsync(TcpListener listener)
    {
        var heads = new List<string>();
        foreach (var answer in (string[])["407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"", "403 Forbidden"])
        {
            using var client = await listener.AcceptTcpClientAsync();
            var buffer = new byte[4_096];
            var read = await client.GetStream().ReadAsync(buffer);
            heads.Add(Encoding.ASCII.GetString(buffer, 0, read));
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        }

        return heads;
    }

    private static string? Choose(string destination, params (string Name, string Value)[] environment)
    {
        var proxy = EnvironmentProxy.From(name => environment.FirstOrDefault(each => each.Name == name).Value)!;
        var uri = new Uri(destination);
        return proxy.IsBypassed(uri) ? null : proxy.GetProxy(uri)?.ToString();
    }
}
