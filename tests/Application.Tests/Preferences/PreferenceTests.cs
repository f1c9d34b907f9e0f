using AiGateway.Application.Preferences;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Preferences;

public sealed class PreferenceTests : IDisposable
{
    private readonly UseCases _useCases = new(
        Sample.Adapter("alpha", Sample.Model("m-default"), Sample.Model("m-old") with { RetiredOn = new(2026, 11, 22), Successor = "m-default" }),
        Sample.Adapter("beta", Sample.Model("m-beta")));

    public void Dispose() => _useCases.Dispose();

    [TestCase("m-default", null)]
    [TestCase("m-beta", "beta")]
    [TestCase(null, "beta")]
    [TestCase(null, null)]
    public async Task Set_ToAServedModelOrProvider_IsSavedAndTakesEffectHereAtOnce(string? model, string? provider)
    {
        var preference = await _useCases.SendAsync(new SetPreference(Sample.Caller, model, provider));

        Assert.That(
            (preference.UserId, preference.Model, preference.Provider, preference.UpdatedAt),
            Is.EqualTo((Sample.UserId, model, provider, Sample.Noon)));
        Received.InOrder(() =>
        {
            _useCases.Users.SavePreferenceAsync(preference, Arg.Any<CancellationToken>());
            _useCases.Callers.Forget(Sample.UserId);
        });
        _useCases.Callers.DidNotReceive().Forget();
    }

    [TestCase("m-unheard", null, ErrorCode.ModelNotPriced)]
    [TestCase("m-old", null, ErrorCode.ModelNotFound)]
    [TestCase("m-default", "beta", ErrorCode.ModelNotFound)]
    [TestCase(null, "gamma", ErrorCode.ModelNotFound)]
    public async Task Set_ToAModelOrProviderThatIsNotServed_IsRefusedAsGenerateWouldBe(string? model, string? provider, ErrorCode expected)
    {
        var failure = await Assert.ThrowsAsync<AiGatewayException>(
            () => _useCases.SendAsync(new SetPreference(Sample.Caller, model, provider)));

        Assert.That(failure.Code, Is.EqualTo(expected));
        await _useCases.Users.DidNotReceiveWithAnyArgs().SavePreferenceAsync(default!, default);
    }

    [Test]
    public async Task Set_BlankNames_NamesBothFields()
    {
        var faults = await _useCases.FaultsOfAsync(new SetPreference(Sample.Caller, " ", ""));

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(["model", "provider"]));
    }

    [Test]
    public async Task Get_WhenNothingWasChosen_IsEmpty()
    {
        _useCases.Users.FindPreferenceAsync(Sample.UserId, Arg.Any<CancellationToken>()).Returns((UserModelPreference?)null);

        var preference = await _useCases.SendAsync(new GetPreference(Sample.UserId));

        Assert.That((preference.UserId, preference.Model, preference.Provider), Is.EqualTo((Sample.UserId, (string?)null, (string?)null)));
    }

    [Test]
    public async Task Get_WhenSomethingWasChosen_IsTheChoice()
    {
        var chosen = new UserModelPreference { UserId = Sample.UserId, Model = "m-default" };
        _useCases.Users.FindPreferenceAsync(Sample.UserId, Arg.Any<CancellationToken>()).Returns(chosen);

        Assert.That(await _useCases.SendAsync(new GetPreference(Sample.UserId)), Is.SameAs(chosen));
    }

    [Test]
    public async Task Set_WithAModelThatTheCallerMayNotUse_IsRefused()
    {
        var caller = Sample.Caller with { AllowedModels = new ModelAccess([new ModelList(ScopeKind.Key, "ci", ["other*"])]) };

        var failure = await Assert.ThrowsAsync<AiGatewayException>(() => _useCases.SendAsync(new SetPreference(caller, "m-default", null)));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.ModelNotAllowed));
        await _useCases.Users.DidNotReceiveWithAnyArgs().SavePreferenceAsync(default!, default);
    }
}
