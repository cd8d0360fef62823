import { type Page } from 'playwright-core';

/** Answers the four steps and asks for the plan. */
export async function answerQuestionnaire(page: Page): Promise<void> {
  await page.getByLabel('Business name').fill('Kaffee Nord');
  await page.getByLabel('Industry').fill('Coffee roastery');
  await page
    .getByLabel('What do you sell?')
    .fill('Small-batch filter coffee, roasted on Tuesdays, sent on Wednesdays.');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page
    .getByLabel('Who buys from you?')
    .fill('People who brew filter coffee at home and care where it comes from.');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('What do you want to reach?').fill('200 subscriptions by spring');
  await page.getByLabel('What do you want to reach?').press('Enter');
  await page.getByRole('checkbox').first().check();
  await page.getByRole('checkbox').nth(1).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Monthly budget').fill('800');
  await page.getByRole('radio').nth(1).check();
  await page.getByRole('button', { name: 'Write my plan' }).click();
}
