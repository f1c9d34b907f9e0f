using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping.Budgets;

internal sealed class BudgetCounterMapping : IEntityTypeConfiguration<BudgetCounter>
{
    public void Configure(EntityTypeBuilder<BudgetCounter> builder)
    {
        builder.ToTable("budget_counters");
        builder.HasKey(counter => new { counter.Id, counter.Window, counter.Start }).HasName("pk_budget_counters");
        builder.Property(counter => counter.Id).HasColumnName("id");
        builder.Property(counter => counter.Window).HasColumnName("window_code");
        builder.Property(counter => counter.Start).HasColumnName("start");
        builder.Property(counter => counter.ScopeKind).HasColumnName("scope_kind");
        builder.Property(counter => counter.ScopeId).HasColumnName("scope_id");
        builder.Property(counter => counter.Model).HasColumnName("model").HasMaxLength(StoredText.NameLength);
        builder.Property(counter => counter.EndUser).HasColumnName("end_user").HasMaxLength(StoredText.NameLength);
        builder.Property(counter => counter.Requests).HasColumnName("requests");
        builder.Property(counter => counter.InFlight).HasColumnName("in_flight");
        builder.Property(counter => counter.SettledTokens).HasColumnName("settled_tokens");
        builder.Property(counter => counter.HeldTokens).HasColumnName("held_tokens");
        builder.Property(counter => counter.SettledNanoUsd).HasColumnName("settled_nano_usd");
        builder.Property(counter => counter.HeldNanoUsd).HasColumnName("held_nano_usd");
        builder.HasIndex(counter => counter.ScopeId).HasDatabaseName("ix_budget_counters_scope_id");
    }
}
