using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping.Budgets;

internal sealed class BudgetMapping : IEntityTypeConfiguration<Budget>
{
    public void Configure(EntityTypeBuilder<Budget> builder)
    {
        builder.ToTable("budgets");
        builder.HasKey(budget => budget.Id).HasName("pk_budgets");
        builder.Property(budget => budget.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(budget => budget.ScopeKind).HasColumnName("scope_kind");
        builder.Property(budget => budget.ScopeId).HasColumnName("scope_id");
        builder.Property(budget => budget.Metric).HasColumnName("metric");
        builder.Property(budget => budget.WindowKind).HasColumnName("window_kind");
        builder.Property(budget => budget.WindowDays).HasColumnName("window_days");
        builder.Property(budget => budget.WindowFrom).HasColumnName("window_from");
        builder.Property(budget => budget.Amount).HasColumnName("amount");
        builder.Property(budget => budget.IsSoft).HasColumnName("is_soft");
        builder.Property(budget => budget.Model).HasColumnName("model").HasMaxLength(StoredText.NameLength);
        builder.Property(budget => budget.PerEndUser).HasColumnName("per_end_user");
        builder.Property(budget => budget.ValidFrom).HasColumnName("valid_from");
        builder.Property(budget => budget.ValidTo).HasColumnName("valid_to");
        builder.Property(budget => budget.RollOverCap).HasColumnName("roll_over_cap");
        builder.Property(budget => budget.AlertPercents).HasColumnName("alert_percents").HasMaxLength(StoredText.NameLength);
        builder.Property(budget => budget.CountedSince).HasColumnName("counted_since");
        builder.Ignore(budget => budget.Window);
        builder.HasIndex(budget => budget.ScopeId).HasDatabaseName("ix_budgets_scope_id");
    }
}
