using AiGateway.Api.Auth.Sessions;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Api.Tests.SignIn;

/// <summary>From where a session is possible, and which cookie it has.</summary>
internal sealed class ConsoleAddressTests
{
    [TestCase(null, "http", "localhost:5080", "http://localhost:5080", "aigw")]
    [TestCase(null, "http", "LOCALHOST", "http://LOCALHOST", "aigw")]
    [TestCase(null, "http", "127.0.0.1:5080", "http://127.0.0.1:5080", "aigw")]
    [TestCase(null, "http", "[::1]:5080", "http://[::1]:5080", "aigw")]
    [TestCase(null, "https", "ai.example.com", "https://ai.example.com", "__Host-aigw")]
    [TestCase(null, "https", "localhost:5443", "https://localhost:5443", "__Host-aigw")]
    [TestCase(null, "http", "ai.example.com", null, null)]
    [TestCase(null, "http", "192.168.1.4:5080", null, null)]
    [TestCase(null, "http", "localhost.evil.example", null, null)]
    [TestCase(null, "http", "127.0.0.1.evil.example", null, null)]
    [TestCase(null, "http", "", null, null)]
    [TestCase("https://ai.example.com", "http", "10.0.0.4:8080", "https://ai.example.com", "__Host-aigw")]
    [TestCase("https://ai.example.com:443/", "http", "localhost:8080", "https://ai.example.com", "__Host-aigw")]
    [TestCase("https://ai.example.com:8443", "https", "ai.example.com:8443", "https://ai.example.com:8443", "__Host-aigw")]
    public void Of_ForARequest_TellsTheOriginAndTheCookie(string? publicUrl, string scheme, string host, string? origin, string? cookie)
    {
        var request = new DefaultHttpContext().Request;
        (request.Scheme, request.Host) = (scheme, new HostString(host));

        var found = new ConsoleAddress(publicUrl is null ? null : new Uri(publicUrl)).Of(request);

        Assert.That((found?.Value, found?.CookieName), Is.EqualTo((origin, cookie)));
    }
}
